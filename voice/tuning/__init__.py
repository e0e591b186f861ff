"""Learns when to trust a draft, from recorded outcomes; compares policies and rules on them without any model."""
