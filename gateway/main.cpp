#include "gateway/cli/command_line.hpp"

int main(int count, char** words)
{
    return gateway::cli::run(count, words);
}
