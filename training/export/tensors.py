"""The network's weights under the names of google/paligemma-3b-mix-224, fused matrices split."""


def _vision(net, config):
    tower, width = net.vit, config.vision_width
    prefix = "vision_tower.vision_model."
    yield prefix + "embeddings.patch_embedding.weight", tower.patch.weight.view(width, 3, config.patch, config.patch)
    yield prefix + "embeddings.patch_embedding.bias", tower.patch.bias
    yield prefix + "embeddings.position_embedding.weight", tower.pos
    for i, block in enumerate(tower.blocks):
        layer = f"{prefix}encoder.layers.{i}."
        parts = {
            "layer_norm1": block.ln1, "layer_norm2": block.ln2, "mlp.fc1": block.fc1, "mlp.fc2": block.fc2,
            "self_attn.out_proj": block.out,
        }  # fmt: skip
        for name, part in parts.items():
            yield f"{layer}{name}.weight", part.weight
            yield f"{layer}{name}.bias", part.bias
        for name, weight, bias in zip("qkv", block.qkv.weight.split(width), block.qkv.bias.split(width)):
            yield f"{layer}self_attn.{name}_proj.weight", weight
            yield f"{layer}self_attn.{name}_proj.bias", bias
    yield prefix + "post_layernorm.weight", tower.post.weight
    yield prefix + "post_layernorm.bias", tower.post.bias


def _decoder(net, config):
    prefix = "language_model.model."
    yield prefix + "embed_tokens.weight", net.table()
    queries = config.heads * config.head
    for i, block in enumerate(net.blocks):
        layer = f"{prefix}layers.{i}."
        yield layer + "input_layernorm.weight", block.n1
        yield layer + "post_attention_layernorm.weight", block.n2
        for name, weight in zip("qkv", block.qkv.weight.split([queries, config.head, config.head])):
            yield f"{layer}self_attn.{name}_proj.weight", weight
        yield layer + "self_attn.o_proj.weight", block.o.weight
        for name, weight in zip(("gate", "up"), block.gu.weight.split(config.mlp)):
            yield f"{layer}mlp.{name}_proj.weight", weight
        yield layer + "mlp.down_proj.weight", block.down.weight
    yield prefix + "norm.weight", net.norm


def name_tensors(net):
    """{name: tensor} in the layout that pali calls `hub`."""
    config = net.config
    projector = {
        "multi_modal_projector.linear.weight": net.proj.weight,
        "multi_modal_projector.linear.bias": net.proj.bias,
    }
    return {**dict(_vision(net, config)), **projector, **dict(_decoder(net, config))}
