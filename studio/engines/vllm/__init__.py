"""The language model `vllm`: a server of its own on this machine, or any that speaks the OpenAI
protocol at `base_url`."""
