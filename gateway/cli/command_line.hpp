// The command line: what a person or a script may ask of the program. The home of CLI11.
#pragma once

namespace gateway::cli {

/// Runs the program; the exit status. 0 done, 1 failed with a reason on standard error, 2 misused.
int run(int count, char** words);

} // namespace gateway::cli
