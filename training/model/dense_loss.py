"""What every patch of the vision tower must know: class, colour, box, reading order, mask codes and characters."""

import torch
import torch.nn.functional as F

from .heads import SIZES

WEIGHTS = {"cls": 1.5, "col": 0.5, "box": 20.0, "rank": 0.3, "char": 0.7, "code": 0.3, "loc": 1.0}
N_OBJECTS = 8  # rows of `things` before the texts
GROUND_WEIGHT = 0.15  # the class of most patches
NOTHING = -9.0  # below every score
FAR = 9.0  # patches, beyond every character that counts


def _cross_entropy(scores, target):
    """Mean over the targets that are not negative."""
    total = F.cross_entropy(scores.flatten(0, 1).float(), target.flatten(), ignore_index=-100, reduction="sum")
    return total / (target >= 0).sum().clamp(min=1)


def _owners(things, grid):
    """(whether a patch belongs to something [B, P], the row of what it belongs to [B, P]).

    A patch belongs to the thing that fills most of it, small things first; a thing's centre patch is its own.
    """
    n, device = grid, things.device
    edge = torch.arange(n, device=device).float() / n
    y0, x0, y1, x1 = things[..., 2:6].unbind(-1)
    dy = (torch.minimum(y1[..., None], edge + 1 / n) - torch.maximum(y0[..., None], edge)).clamp(min=0) * n
    dx = (torch.minimum(x1[..., None], edge + 1 / n) - torch.maximum(x0[..., None], edge)).clamp(min=0) * n
    filled = (dy[..., :, None] * dx[..., None, :]).flatten(2)
    row, column = ((y0 + y1) / 2 * n).long().clamp(0, n - 1), ((x0 + x1) / 2 * n).long().clamp(0, n - 1)
    center = F.one_hot(row * n + column, n * n)
    side = ((y1 - y0) * (x1 - x0)).clamp(min=0).sqrt()[..., None]
    score = torch.where((filled > 0.3) | (center > 0), filled + 2 * center - side * 0.5, NOTHING)
    score = torch.where((things[..., 0] >= 0)[..., None], score, NOTHING)
    best, owner = score.max(1)
    return best > NOTHING + 1, owner


def _patch_centers(grid, device):
    c = (torch.arange(grid, device=device).float() + 0.5) / grid
    return torch.stack([c[:, None].expand(grid, grid), c[None].expand(grid, grid)], -1).reshape(grid * grid, 2)


def _nearest_characters(chars, centers, grid):
    """The character that stands in a patch, [B, P], -100 for none."""
    distance = ((centers[None, :, None] - chars[:, None, :, :2]).abs() * grid).amax(-1)
    distance = torch.where((chars[..., 2] >= 0)[:, None], distance, FAR)
    nearest, index = distance.min(-1)
    return torch.where(nearest < 0.62, chars[..., 2].gather(1, index).long(), -100)


def _pick_patches(features, owned, owner, n_things):
    """One random patch of every thing: (features [B, things, width], whether it has one)."""
    rows = torch.arange(n_things, device=features.device)[None, :, None]
    mine = (owner[:, None] == rows) & owned[:, None]
    chance = torch.rand(*mine.shape, device=features.device)
    value, index = torch.where(mine, chance, -1.0).max(-1)
    return features.gather(1, index[..., None].expand(-1, -1, features.shape[-1])), value >= 0


def _masked_mean(values, chosen):
    return (values * chosen).sum() / chosen.sum().clamp(min=1)


def dense_loss(heads, features, things, chars, bank_codes, soft, config):
    """(losses by name, statistics [6]: class, colour, box error in pixels, characters, loss of bins, loss of codes).

    features [B, P, width]; things [B, 10, 8] and chars [B, 40, 3] as train/batch.py fills them;
    bank_codes [items, 16].
    """
    grid = config.grid
    batch, n_things = things.shape[:2]
    owned, owner = _owners(things, grid)
    centers = _patch_centers(grid, features.device)

    def of_owner(column):
        return things[..., column].gather(1, owner)

    cls_scores, color_scores, box_offset, rank_scores, char_scores = heads.lin(features).split(SIZES, -1)
    cls = torch.where(owned, of_owner(0).long() + 1, 0)
    color = torch.where(owned, of_owner(1).long(), -1)
    chars_here = _nearest_characters(chars, centers, grid)
    class_weights = torch.ones(SIZES[0], device=features.device)
    class_weights[0] = GROUND_WEIGHT
    box = torch.stack([of_owner(column) for column in range(2, 6)], -1)
    predicted_box = box_offset.float() * 0.5 + torch.cat([centers, centers], -1)
    box_error = F.smooth_l1_loss(predicted_box, box, beta=0.02, reduction="none").mean(-1)

    picked, exists = _pick_patches(features, owned, owner, n_things)
    loc = (heads.loc(picked).view(batch, n_things, 4, -1) @ soft.basis.t().to(features.dtype)).float()
    bins = (things[..., 2:6] * 1023).round().long().clamp(0, 1023)
    loc_error = -soft.gather(F.log_softmax(loc, -1), bins).mean(-1)
    item = things[..., 6].long()
    has_codes = exists & (item >= 0) & (torch.arange(n_things, device=features.device)[None] < N_OBJECTS)
    codes = bank_codes[item.clamp(min=0)].reshape(-1)
    code_error = F.cross_entropy(heads.codes(picked).view(-1, 128).float(), codes, reduction="none")

    losses = {
        "cls": F.cross_entropy(cls_scores.flatten(0, 1).float(), cls.flatten(), weight=class_weights),
        "col": _cross_entropy(color_scores, torch.where(color >= 0, color, -100)),
        "rank": _cross_entropy(rank_scores, torch.where(owned & (owner < N_OBJECTS), owner, -100)),
        "box": _masked_mean(box_error, owned),
        "loc": _masked_mean(loc_error, exists),
        "code": _masked_mean(code_error.view(batch, n_things, 16).mean(-1), has_codes),
        "char": _cross_entropy(char_scores, chars_here),
    }
    with torch.no_grad():
        statistics = torch.stack(
            [
                _masked_mean(cls_scores.argmax(-1) == cls, owned),
                _masked_mean(color_scores.argmax(-1) == color, color >= 0),
                _masked_mean((predicted_box - box).abs().mean(-1), owned) * config.image,
                _masked_mean(char_scores.argmax(-1) == chars_here, chars_here >= 0),
                losses["loc"],
                losses["code"],
            ]
        ).float()
    return losses, statistics
