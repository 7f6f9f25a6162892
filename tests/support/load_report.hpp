// What the benchmarks found: one line each, gathered in a file over several programs and printed as
// one table. Any one thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace load {

/// One figure, what it is compared with, and how far it may go. A zero ratio means "not compared".
struct figure
{
    std::string name;
    double value = 0;
    std::string unit;
    std::string reference; // what it is compared with; empty = nothing
    double reference_value = 0;
    double ratio = 0;      // of value and reference value, the way `bound` is meant
    double bound = 0;      // 0 = none; on the ratio when there is a reference, else on the value
    bool at_least = false; // the bound is a floor, not a ceiling

    /// True when there is no bound or it holds.
    [[nodiscard]] bool holds() const;
};

/// A figure beside nothing; at most `bound`, 0 = none.
figure plain(std::string name, double value, std::string unit, double bound = 0);

/// A figure held against a reference: ratio = value / reference_value, at most `bound`.
figure compared(
    std::string name,
    double value,
    std::string unit,
    std::string reference,
    double reference_value,
    double bound
);

class report
{
public:
    /// Reads what earlier programs left in `file`, if anything.
    explicit report(std::filesystem::path file);
    /// Adds a figure or replaces the one of that name, prints its line, and saves the file.
    void add(const figure& one);
    /// Notes that something was not measured, and why; prints it.
    void skip(const std::string& name, const std::string& why);
    [[nodiscard]] const std::vector<figure>& figures() const { return figures_; }

private:
    void save() const;
    std::filesystem::path file_;
    std::vector<figure> figures_;
};

/// The table's line of a figure: name, value, reference, ratio, bound, verdict.
std::string line_of(const figure& one);

} // namespace load
