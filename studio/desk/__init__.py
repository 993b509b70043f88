"""What a person does to a project between runs: one verb a file, a plain function that knows
no terminal.
"""
