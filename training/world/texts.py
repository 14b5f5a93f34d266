"""Words on signs: random texts, and their drawing in a font."""

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WORDS = (
    "STOP OPEN EXIT CAFE TAXI SALE HELLO PARK FIRE ZOO SHOP BANK HOTEL PIZZA MUSIC WATER LOVE HAPPY NEW HOT COLD YES NO "
    "GO BUS SUN MOON STAR TREE BIRD FISH CAT DOG COW RED BLUE GREEN LEFT RIGHT UP DOWN NORTH SOUTH EAST WEST BOOK FOOD "
    "BEER WINE TEA MILK CAKE BREAD FRUIT TOYS GAME PLAY WORK HOME ROAD LANE CITY TOWN BEACH LAKE RIVER HILL FARM SCHOOL "
    "POLICE MARKET MUSEUM STATION AIRPORT TICKETS CINEMA THEATER GARDEN FLOWERS COFFEE BAKERY RESTAURANT PARKING "
    "ENTRANCE CLOSED WELCOME DANGER CAUTION SLOW PUSH PULL FREE LUNCH DINNER BREAKFAST SUMMER WINTER SPRING AUTUMN "
    "MONDAY FRIDAY SUNDAY BIRTHDAY PARTY WORLD PEACE DREAM LIGHT NIGHT MORNING GOOD DAY THE END SPACE ROBOT ROCKET "
    "PLANET OCEAN ISLAND FOREST DESERT JUNGLE CASTLE KING QUEEN MAGIC STORY TITLE SCENE CHAPTER PART ONE TWO THREE FOUR "
    "FIVE SIX TEN HURRY RUN JUMP SWIM BIKE TRAIN SHIP ICE CREAM"
).split()
SIGNS = (
    "ICE CREAM|BUS STOP|NO ENTRY|FOR SALE|HAPPY BIRTHDAY|GOOD MORNING|GOOD NIGHT|THE END|HELLO WORLD|ONE WAY|"
    "COFFEE SHOP|CITY ZOO|FIRE EXIT|NEW YORK|FARM FRESH|LOST DOG|LOST CAT|WET PAINT|PART ONE|PART TWO|MY HOME|BOOK SHOP|"
    "TOY SHOP|OPEN DAY|SLOW DOWN|TAXI STAND|SKI LIFT|PIZZA BAR"
).split("|")
LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"


def find_fonts(folder):
    """Paths of the TrueType and OpenType files in a folder."""
    fonts = sorted(str(p) for p in Path(folder).glob("*.[to]tf"))
    if not fonts:
        raise SystemExit(f"no fonts in {folder}: run prepare.sh first")
    return fonts


def random_text(rng):
    """A word, a sign, letters, digits, or something like A12."""
    r = rng.random()
    if r < 0.50:
        return WORDS[int(rng.random() * len(WORDS))]
    if r < 0.65:
        return SIGNS[int(rng.random() * len(SIGNS))]
    if r < 0.84:
        return "".join(LETTERS[i] for i in rng.integers(0, 26, rng.integers(2, 8)))
    if r < 0.97:
        return "".join(DIGITS[i] for i in rng.integers(0, 10, rng.integers(1, 6)))
    return LETTERS[int(rng.random() * 26)] + DIGITS[int(rng.random() * 10)] + DIGITS[int(rng.random() * 10)]


def _turn(image, centers, degrees):
    """Turns the text and the centres of its characters around the picture's centre."""
    margin_x, margin_y = 10, image.width // 8
    large = Image.new("L", (image.width + 20, image.height + image.width // 4), 0)
    large.paste(image, (margin_x, margin_y))
    cx, cy, t = large.width / 2, large.height / 2, math.radians(-degrees)
    moved = [(x + margin_x - cx, y + margin_y - cy) for x, y in centers]
    turned = [(cx + x * math.cos(t) - y * math.sin(t), cy + x * math.sin(t) + y * math.cos(t)) for x, y in moved]
    return large.rotate(degrees, resample=Image.BICUBIC), turned


def draw_text(text, font_file, size, aspect=1.0, degrees=0.0):
    """(L image cut to the text, centres (x, y) of its characters without the spaces); size in pixels."""
    font = ImageFont.truetype(font_file, size)
    image = Image.new("L", (int(font.getlength(text)) + 12, size * 2), 0)
    ImageDraw.Draw(image).text((6, size // 3), text, font=font, fill=255)
    box = image.getbbox()
    y = (box[1] + box[3]) / 2
    ends = [font.getlength(text[:i]) for i in range(len(text) + 1)]
    centers = [(6 + (ends[i] + ends[i + 1]) / 2, y) for i in range(len(text)) if text[i] != " "]
    if abs(degrees) > 0.3:
        image, centers = _turn(image, centers, degrees)
        box = image.getbbox()
    image = image.crop(box)
    centers = [((x - box[0]) * aspect, y - box[1]) for x, y in centers]
    if aspect != 1.0:
        image = image.resize((max(4, round(image.width * aspect)), image.height), Image.BICUBIC)
    return image, centers
