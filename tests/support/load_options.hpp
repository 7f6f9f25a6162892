// The command line of a benchmark or torture driver: "--name value" pairs, with their defaults
// shown by
// --help. Any one thread.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace load {

class options
{
public:
    /// `meaning`: what the program does, in a sentence.
    explicit options(std::string meaning) : meaning_{std::move(meaning)} {}

    /// Adds an option that keeps its value in `into`, a number, text or path; what stands there is
    /// the default. `allowed` lists the only accepted values; empty = any.
    template <class T>
    options&
    add(std::string name,
        T& into,
        std::string what_for = {},
        std::initializer_list<std::string> allowed = {})
    {
        options_.push_back(
            {std::move(name),
             std::move(what_for),
             allowed,
             shown(into),
             [&into](const std::string& text) { return read(text, into); }}
        );
        return *this;
    }

    /// Reads the command line. Returns true when the program may run; else the exit code is in
    /// `code`: 0 after --help, 2 after a mistake, which is explained on stderr.
    bool parse(int argc, char** argv, int& code) const;

    /// The whole of a main(): reads the command line, then runs `measure`, whose result is the exit
    /// code. When it throws, says so under `name` on stderr; the code is then 1.
    int
    run(int argc, char** argv, std::string_view name, const std::function<int()>& measure) const;

private:
    struct option
    {
        std::string name;
        std::string what_for;
        std::vector<std::string> allowed;
        std::string normal;
        std::function<bool(const std::string&)> read;
    };

    static bool read_number(const std::string& text, long long& into);
    template <class T>
    static bool read(const std::string& text, T& into)
    {
        if constexpr (std::is_integral_v<T>) {
            long long number = 0;
            if (!read_number(text, number))
                return false;
            into = static_cast<T>(number);
        } else {
            into = text;
        }
        return true;
    }
    template <class T>
    static std::string shown(const T& value)
    {
        if constexpr (std::is_integral_v<T>)
            return std::to_string(value);
        else if constexpr (std::is_convertible_v<T, std::string_view>)
            return std::string{value};
        else
            return value.string();
    }

    void help() const;
    std::string meaning_;
    std::vector<option> options_;
};

} // namespace load
