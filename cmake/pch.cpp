// Empty: it gives the precompiled header, which all rooms reuse, a target that builds it.
