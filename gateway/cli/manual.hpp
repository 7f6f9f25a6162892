// The manual page and the shell completion, made from the table of commands itself, so that they
// can never say anything else than it. Main thread.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace gateway::cli {

/// parley(1) in roff, for man.
std::string manual_page(const CLI::App& of, const std::string& version);

/// A completion function for bash (zsh takes it after `bashcompinit`).
std::string bash_completion(const CLI::App& of);

} // namespace gateway::cli
