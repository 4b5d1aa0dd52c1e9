blockyard_test(blocks/preprocessors TORCH LINK blockyard_blocks)
blockyard_test(blocks/script TORCH LINK blockyard_blocks)
