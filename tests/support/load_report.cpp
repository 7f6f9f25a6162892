#include "tests/support/load_report.hpp"

#include "tests/support/load_process.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <iostream>

namespace load {

namespace json = boost::json;

namespace {

double number(const json::object& from, std::string_view member)
{
    const auto* found = from.if_contains(member);
    return found == nullptr || !found->is_number() ? 0 : found->to_number<double>();
}

std::string text(const json::object& from, std::string_view member)
{
    const auto* found = from.if_contains(member);
    return found == nullptr || !found->is_string() ? std::string{}
                                                   : std::string{found->as_string()};
}

std::string short_number(double value)
{
    if (value >= 1000)
        return fmt::format("{:.0f}", value);
    return value >= 100 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}

} // namespace

bool figure::holds() const
{
    if (bound == 0)
        return true;
    const double held = reference.empty() ? value : ratio;
    return at_least ? held >= bound : held <= bound;
}

figure plain(std::string name, double value, std::string unit, double bound)
{
    figure made;
    made.name = std::move(name);
    made.value = value;
    made.unit = std::move(unit);
    made.bound = bound;
    return made;
}

figure compared(
    std::string name,
    double value,
    std::string unit,
    std::string reference,
    double reference_value,
    double bound
)
{
    figure made;
    made.name = std::move(name);
    made.value = value;
    made.unit = std::move(unit);
    made.reference = std::move(reference);
    made.reference_value = reference_value;
    made.ratio = reference_value > 0 ? value / reference_value : 0;
    made.bound = bound;
    return made;
}

std::string line_of(const figure& one)
{
    const std::string value = short_number(one.value) + " " + one.unit;
    std::string beside;
    if (!one.reference.empty())
        beside = fmt::format(
            "{:.2f} x {} ({} {})",
            one.ratio,
            one.reference,
            short_number(one.reference_value),
            one.unit
        );
    std::string judged;
    if (one.bound != 0)
        judged = fmt::format(
            "{} {}  {}",
            one.at_least ? ">=" : "<=",
            short_number(one.bound),
            one.holds() ? "holds" : "MISSED"
        );
    return fmt::format("{:<58} {:>20}  {:<52} {}", one.name, value, beside, judged);
}

report::report(std::filesystem::path file) : file_{std::move(file)}
{
    std::filesystem::create_directories(file_.parent_path());
    boost::system::error_code unreadable;
    const json::value held = json::parse(read_text(file_), unreadable);
    if (unreadable || !held.is_array())
        return;
    for (const auto& item : held.as_array()) {
        const auto& from = item.as_object();
        figure one;
        one.name = text(from, "name");
        one.value = number(from, "value");
        one.unit = text(from, "unit");
        one.reference = text(from, "reference");
        one.reference_value = number(from, "reference_value");
        one.ratio = number(from, "ratio");
        one.bound = number(from, "bound");
        one.at_least = from.contains("at_least") && from.at("at_least").as_bool();
        figures_.push_back(std::move(one));
    }
}

void report::add(const figure& one)
{
    const auto found = std::ranges::find(figures_, one.name, &figure::name);
    if (found == figures_.end())
        figures_.push_back(one);
    else
        *found = one;
    std::cout << line_of(one) << std::endl;
    save();
}

void report::skip(const std::string& name, const std::string& why)
{
    std::erase_if(figures_, [&](const figure& one) { return one.name == name; });
    std::cout << fmt::format("{:<58} skipped: {}", name, why) << std::endl;
    save();
}

void report::save() const
{
    std::string out = "[";
    for (const auto& one : figures_) {
        json::object made;
        made["name"] = one.name;
        made["value"] = one.value;
        made["unit"] = one.unit;
        made["reference"] =
            one.reference.empty() ? json::value{nullptr} : json::value{one.reference};
        made["reference_value"] =
            one.reference.empty() ? json::value{nullptr} : json::value{one.reference_value};
        made["ratio"] = one.reference.empty() ? json::value{nullptr} : json::value{one.ratio};
        made["bound"] = one.bound == 0 ? json::value{nullptr} : json::value{one.bound};
        made["at_least"] = one.at_least;
        out += (out.size() > 1 ? ",\n " : "\n ") + json::serialize(made);
    }
    write_text(file_, out + "\n]\n");
}

} // namespace load
