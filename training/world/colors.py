"""The eight colours: pixels, hues, and adjectives in four languages."""

COLORS = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "black"]
BLACK, PINK = COLORS.index("black"), COLORS.index("pink")
RGB = [
    (220, 30, 35), (250, 140, 20), (245, 220, 40), (40, 160, 60),
    (35, 80, 220), (125, 45, 165), (250, 130, 185), (20, 20, 22),
]  # fmt: skip
# Degrees on the colour circle of every colour but black, and the range that still has its name.
HUES = [0, 29, 52, 128, 222, 280, 331]
HUE_RANGES = ((350, 368), (22, 36), (46, 62), (95, 150), (204, 236), (266, 292), (318, 338))


def _four(*forms):
    return dict(zip(("ms", "fs", "mp", "fp"), forms))


# Gender (m, f) and number (s, p).
SPANISH = [
    _four("rojo", "roja", "rojos", "rojas"),
    _four("naranja", "naranja", "naranjas", "naranjas"),
    _four("amarillo", "amarilla", "amarillos", "amarillas"),
    _four("verde", "verde", "verdes", "verdes"),
    _four("azul", "azul", "azules", "azules"),
    _four("morado", "morada", "morados", "moradas"),
    _four("rosa", "rosa", "rosas", "rosas"),
    _four("negro", "negra", "negros", "negras"),
]
FRENCH = [
    _four("rouge", "rouge", "rouges", "rouges"),
    _four("orange", "orange", "orange", "orange"),
    _four("jaune", "jaune", "jaunes", "jaunes"),
    _four("vert", "verte", "verts", "vertes"),
    _four("bleu", "bleue", "bleus", "bleues"),
    _four("violet", "violette", "violets", "violettes"),
    _four("rose", "rose", "roses", "roses"),
    _four("noir", "noire", "noirs", "noires"),
]
# After 'ein': m, f, n, plural p, and b, the bare form after 'ist'.
GERMAN = [
    dict(zip("mfnpb", forms.split()))
    for forms in (
        "roter rote rotes rote rot",
        "orange orange orange orange orange",
        "gelber gelbe gelbes gelbe gelb",
        "grüner grüne grünes grüne grün",
        "blauer blaue blaues blaue blau",
        "lila lila lila lila lila",
        "rosa rosa rosa rosa rosa",
        "schwarzer schwarze schwarzes schwarze schwarz",
    )
]
ROMANCE = {"es": SPANISH, "fr": FRENCH}
