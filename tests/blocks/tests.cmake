blockyard_test(blocks/preprocessors TORCH LINK blockyard_blocks)
