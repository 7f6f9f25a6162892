#include "tests/support/load_options.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>

namespace load {

bool options::read_number(const std::string& text, long long& into)
{
    const char* const end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data(), end, into);
    return failed == std::errc{} && last == end;
}

void options::help() const
{
    std::cout << meaning_ << "\n\n";
    for (const auto& one : options_) {
        std::cout << "  " << one.name << " VALUE   " << one.what_for;
        if (!one.normal.empty())
            std::cout << " [" << one.normal << "]";
        std::cout << '\n';
    }
}

bool options::parse(int argc, char** argv, int& code) const
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    for (std::size_t i = 0; i < words.size(); i += 2) {
        if (words[i] == "--help") {
            help();
            code = 0;
            return false;
        }
        code = 2;
        const auto found = std::ranges::find(options_, words[i], &option::name);
        if (found == options_.end()) {
            std::cerr << "no option " << words[i] << "; --help shows them all\n";
            return false;
        }
        if (i + 1 == words.size()) {
            std::cerr << words[i] << " needs a value\n";
            return false;
        }
        const std::string& value = words[i + 1];
        const bool is_allowed =
            found->allowed.empty() || std::ranges::count(found->allowed, value) > 0;
        if (!is_allowed || !found->read(value)) {
            std::cerr << words[i] << " does not take '" << value << "'\n";
            return false;
        }
    }
    code = 0;
    return true;
}

int options::run(int argc, char** argv, std::string_view name, const std::function<int()>& measure)
    const
{
    int code = 0;
    if (!parse(argc, argv, code))
        return code;
    try {
        return measure();
    } catch (const std::exception& failed) {
        std::cerr << name << ": " << failed.what() << '\n';
        return 1;
    }
}

} // namespace load
