blockyard_test(study/spec LINK blockyard_study)
blockyard_test(study/search LINK blockyard_study)
blockyard_test(study/results LINK blockyard_study)
