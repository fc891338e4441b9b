"""The client's own affairs in the hub and those of its companies, beside expenses: catalogue, keys, settings, products,
models of records, data of the client's own choice.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml.
"""
