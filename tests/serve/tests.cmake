blockyard_test(serve/service TORCH LINK blockyard_serve)
# A hundred thousand malformed requests, a thousand slow clients.
blockyard_long_run(serve/service "BLOCKYARD_MANY=100000;BLOCKYARD_SLOW_CLIENTS=1000")
