"""How fast transformers runs a PaliGemma of random weights in bfloat16 here: what `npm run bench -- peers --python` calls.

    python training/measure_transformers.py VISION_LAYERS TEXT_LAYERS VOCABULARY THREADS        needs torch, transformers

Prints milliseconds and megabytes as one line of JSON, each time the least of three: the vision tower, the prompt of 266
tokens without it, a token, and the process's peak.
"""
import json, resource, sys, time
import torch
from transformers import PaliGemmaConfig, PaliGemmaForConditionalGeneration
vision_layers, text_layers, vocabulary, threads = map(int, sys.argv[1:])
torch.set_grad_enabled(False); torch.set_num_threads(threads); torch.set_default_dtype(torch.bfloat16)
image = vocabulary - 64
config = PaliGemmaConfig(
    vision_config=dict(model_type="siglip_vision_model", hidden_size=1152, intermediate_size=4304, num_hidden_layers=vision_layers, num_attention_heads=16, image_size=224, patch_size=14, vision_use_head=False),
    text_config=dict(model_type="gemma", hidden_size=2048, intermediate_size=16384, num_hidden_layers=text_layers, num_attention_heads=8, num_key_value_heads=1, head_dim=256, vocab_size=vocabulary),
    image_token_id=image, image_token_index=image, projection_dim=2048, hidden_size=2048)
with torch.device("meta"): model = PaliGemmaForConditionalGeneration(config)
model = model.to(torch.bfloat16).to_empty(device="cpu").eval(); model.tie_weights()
for value in model.parameters(): value.uniform_(-0.03, 0.03)
for name, value in model.named_buffers():
    if "inv_freq" in name: value.copy_(10000.0 ** (-torch.arange(0, 256, 2, dtype=torch.float32) / 256))
    elif "position_ids" in name: value.copy_(torch.arange(value.shape[-1]).expand(value.shape))
pixels = torch.rand(1, 3, 224, 224) * 2 - 1
ids = torch.tensor([[image] * 256 + [2] + list(range(1000, 1009))])
class Clock:
    def __init__(self): self.times = []
    def put(self, _): self.times.append(time.perf_counter())
    def end(self): pass
def seconds(work): start = time.perf_counter(); work(); return time.perf_counter() - start
first, token = [], []
for _ in range(3):
    clock, start = Clock(), time.perf_counter()
    model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels, max_new_tokens=9, min_new_tokens=9, do_sample=False, streamer=clock)
    times = clock.times[1:]; first.append(times[0] - start); token += [b - a for a, b in zip(times, times[1:])]
vision = min(seconds(lambda: model.get_image_features(pixel_values=pixels)) for _ in range(3))
print(json.dumps(dict(visionMs=vision * 1e3, prefillMs=(min(first) - vision) * 1e3, tokenMs=min(token) * 1e3, peakMB=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3))))
