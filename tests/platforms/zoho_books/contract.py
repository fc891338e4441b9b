def check(operation, answer):
    pass
