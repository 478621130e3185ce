"""count_tokens.py TOKENIZER FILE: how many tokens each text of a JSON array is, as a JSON array."""

import json
import sys

from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(f"{sys.argv[1]}/tokenizer.json")
with open(sys.argv[2]) as file:
    texts = json.load(file)
print(json.dumps([len(tokenizer.encode(text, add_special_tokens=False).ids) for text in texts]))
