"""What the engines with a diffusion model share: settings, loading, policies, the ladder after out
of memory, texts, adapters, and looking at what came out. The only rooms that import torch and
diffusers; both are loaded when an engine is constructed, never when a module is imported."""
