blockyard_test(graph/graph LINK blockyard_graph)
blockyard_test(graph/project LINK blockyard_graph)
blockyard_test(graph/plan LINK blockyard_graph)
