// Prints what the benchmarks left in their results file as one table; fails when a bound is missed.
#include "tests/support/load_options.hpp"
#include "tests/support/load_report.hpp"

#include <algorithm>
#include <iostream>

int main(int argc, char** argv)
{
    load::options app{"the table of all figures"};
    std::filesystem::path results = "build/bench/results.json";
    app.add("--results", results, "file that gathers the figures");
    int code = 0;
    if (!app.parse(argc, argv, code))
        return code;
    const load::report found{results};
    std::ptrdiff_t missed = 0;
    for (const auto& one : found.figures()) {
        std::cout << load::line_of(one) << '\n';
        missed += one.holds() ? 0 : 1;
    }
    std::cout << found.figures().size() << " figures, " << missed << " bounds missed" << std::endl;
    return missed == 0 ? 0 : 2;
}
