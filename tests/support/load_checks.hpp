// Counting what held and what did not, for programs whose last line is "N passed, N failed".
#pragma once

#include <iostream>
#include <string>

namespace load {

class checks
{
public:
    /// Notes one check and prints it.
    void that(bool holds, const std::string& what)
    {
        ++(holds ? passed_ : failed_);
        std::cout << (holds ? "ok      " : "FAILED  ") << what << std::endl;
    }
    /// Prints the last line; the program's exit code.
    [[nodiscard]] int conclude() const
    {
        std::cout << passed_ << " passed, " << failed_ << " failed" << std::endl;
        return failed_ == 0 ? 0 : 1;
    }
    [[nodiscard]] int failed() const { return failed_; }

private:
    int passed_ = 0;
    int failed_ = 0;
};

} // namespace load
