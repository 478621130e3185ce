"""count_tokens.py TOKENIZER FILE: how many tokens each chat of a JSON array is in the tokenizer's own template, as JSON."""

import json
import sys

from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
with open(sys.argv[2]) as file:
    chats = json.load(file)
texts = [tokenizer.apply_chat_template(chat, tokenize=False) for chat in chats]
print(json.dumps([len(tokenizer.encode(text, add_special_tokens=False)) for text in texts]))
