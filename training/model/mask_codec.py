"""The mask VQ-VAE in the layout of PaliGemma's vae-oid.npz, narrower: 64 x 64 mask to 4 x 4 codes out of 128 and back."""

import numpy as np
import torch
from torch import nn

WIDTH, CODE_WIDTH, N_CODES = 72, 32, 128
_EMBEDDING = "_vq_vae._embedding"


class _Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        convolutions = [nn.Conv2d(width, width, 3, padding=1) for _ in range(2)]
        self.net = nn.Sequential(convolutions[0], nn.ReLU(), convolutions[1], nn.ReLU(), nn.Conv2d(width, width, 1))

    def forward(self, x):
        return x + self.net(x)


class MaskCodec(nn.Module):
    def __init__(self):
        super().__init__()
        w = WIDTH
        encoder = []
        for a, b in ((1, w // 8), (w // 8, w // 4), (w // 4, w // 2), (w // 2, w)):
            encoder += [nn.Conv2d(a, b, 4, 2, 1), nn.ReLU()]
        self.encoder = nn.Sequential(*encoder, _Residual(w), _Residual(w), nn.Conv2d(w, CODE_WIDTH, 1))
        decoder = [nn.Conv2d(CODE_WIDTH, w, 1), nn.ReLU(), _Residual(w), _Residual(w)]
        for a, b in ((w, w), (w, w // 2), (w // 2, w // 4), (w // 4, w // 8)):
            decoder += [nn.ConvTranspose2d(a, b, 4, 2, 1), nn.ReLU()]
        self.decoder = nn.Sequential(*decoder, nn.Conv2d(w // 8, 1, 1))
        self.register_buffer("emb", torch.randn(N_CODES, CODE_WIDTH))

    def features(self, masks):
        """masks [N, 64, 64] in 0..1 to [N, CODE_WIDTH, 4, 4]."""
        return self.encoder(2 * (masks[:, None] - 0.5))

    def nearest(self, features):
        """(index of the nearest code for each cell, the cells' vectors)."""
        cells = features.permute(0, 2, 3, 1).reshape(-1, CODE_WIDTH)
        distance = cells.pow(2).sum(1, keepdim=True) + self.emb.pow(2).sum(1) - 2 * cells @ self.emb.t()
        return distance.argmin(1), cells

    def lookup(self, codes):
        """Codes of N masks to [N, CODE_WIDTH, 4, 4]."""
        return self.emb[codes].view(-1, 4, 4, CODE_WIDTH).permute(0, 3, 1, 2)

    @torch.no_grad()
    def encode(self, masks):
        """[N, 64, 64] in 0..1 to codes [N, 16]."""
        return self.nearest(self.features(masks))[0].view(-1, 16)

    @torch.no_grad()
    def decode(self, codes):
        """[N, 16] to [N, 64, 64], about -1..1; above 0 is the object."""
        return self.decoder(self.lookup(codes))[:, 0]

    def load_npz(self, path):
        arrays = np.load(path)
        named = {("emb" if k == _EMBEDDING else k): torch.tensor(arrays[k].astype(np.float32)) for k in arrays.files}
        self.load_state_dict(named)
        return self

    def save_npz(self, path):
        state = {k: v.cpu().numpy().astype(np.float32) for k, v in self.state_dict().items()}
        np.savez(path, **{(_EMBEDDING if k == "emb" else k): v for k, v in state.items()})


def mask_iou(decoded, masks):
    """[N]: how well decoded masks (above 0) cover the true ones (above 0.5)."""
    a, b = decoded > 0, masks > 0.5
    return (a & b).sum((1, 2)).float() / (a | b).sum((1, 2)).clamp(min=1)
