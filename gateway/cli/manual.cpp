#include "gateway/cli/manual.hpp"

#include <algorithm>
#include <vector>

namespace gateway::cli {

namespace {

/// A command as it is typed, "user add", and what it is.
struct command
{
    std::string words;
    const CLI::App* is = nullptr;
};

bool is_shown(const CLI::App& one)
{
    return !one.get_group().empty();
}

/// Every command, those that only group others too, in the order of the table.
std::vector<command> commands_of(const CLI::App& of, const std::string& before = {})
{
    std::vector<command> made;
    for (const auto* each :
         of.get_subcommands([](const CLI::App* one) { return is_shown(*one); })) {
        const std::string words = before + each->get_name();
        made.push_back({words, each});
        for (auto& deeper : commands_of(*each, words + " "))
            made.push_back(std::move(deeper));
    }
    return made;
}

bool is_group(const CLI::App& one)
{
    return !one.get_subcommands([](const CLI::App*) { return true; }).empty();
}

bool is_flag(const CLI::Option& one)
{
    return one.get_items_expected_max() == 0;
}

/// "--to DIR", "--json", "EMAIL".
std::string usage_of(const CLI::Option& one)
{
    if (one.get_positional())
        return one.get_single_name() == "email" ? "EMAIL" : "ID";
    std::string made =
        one.get_lnames().empty() ? "-" + one.get_snames().front() : "--" + one.get_lnames().front();
    if (!is_flag(one))
        made += " " + one.get_type_name();
    return made;
}

std::string roff(std::string_view text)
{
    std::string made;
    for (const char each : text) {
        if (each == '\\')
            made += "\\e";
        else if (each == '-')
            made += "\\-";
        else if ((each == '.' || each == '\'') && (made.empty() || made.back() == '\n'))
            made += std::string{"\\&"} + each;
        else
            made += each;
    }
    return made;
}

void add_command(std::string& to, const command& one)
{
    std::string usage = one.words;
    const auto options = one.is->get_options();
    for (const auto* each : options)
        if (each->get_positional() || each->get_required())
            usage += " " + usage_of(*each);
    to += ".SS " + roff(usage) + "\n" + roff(one.is->get_description()) + ".\n";
    for (const auto* each : options) {
        if (each->get_single_name() == "help" || each->get_positional())
            continue;
        to += ".TP\n.B " + roff(usage_of(*each)) + "\n" + roff(each->get_description()) + ".\n";
    }
}

std::string joined(const std::vector<std::string>& words)
{
    std::string made;
    for (const auto& each : words)
        made += (made.empty() ? "" : " ") + each;
    return made;
}

/// What may follow a command: its own commands and its options.
std::string words_after(const CLI::App& one)
{
    std::vector<std::string> made;
    for (const auto* each : one.get_subcommands([](const CLI::App* sub) { return is_shown(*sub); }))
        made.push_back(each->get_name());
    for (const auto* each : one.get_options())
        for (const auto& name : each->get_lnames())
            made.push_back("--" + name);
    return joined(made);
}

/// The options whose values are files or directories, as a pattern of the shell.
std::string file_options(const std::vector<command>& all)
{
    std::vector<std::string> found;
    for (const auto& one : all)
        for (const auto* each : one.is->get_options())
            if (each->get_type_name() == "FILE" || each->get_type_name() == "DIR")
                if (const auto name = "--" + each->get_lnames().front();
                    std::find(found.begin(), found.end(), name) == found.end())
                    found.push_back(name);
    std::string made;
    for (const auto& each : found)
        made += (made.empty() ? "" : "|") + each;
    return made;
}

} // namespace

std::string manual_page(const CLI::App& of, const std::string& version)
{
    std::string made = ".TH PARLEY 1 \"\" \"Parley " + roff(version) +
                       "\" \"User commands\"\n"
                       ".SH NAME\nparley \\- contact center server\n"
                       ".SH SYNOPSIS\n.B parley\n.I COMMAND\n[\\fIOPTIONS\\fR]\n"
                       ".SH DESCRIPTION\n"
                       "Serves the console of agents, the chat of customers, the REST API and the "
                       "realtime protocol.\nCommands about people, tokens and backups are done by "
                       "the running server where there is one, and on its data directory "
                       "otherwise.\n.SH COMMANDS\n";
    for (const auto& one : commands_of(of))
        if (!is_group(*one.is))
            add_command(made, one);
    made += ".SH ENVIRONMENT\n.TP\n.B PARLEY_SECTION__KEY\n"
            "A setting; it goes before the settings file, and the command line before it. With "
            "_FILE at "
            "its end: the name of a file that holds it.\n.B parley config docs\nexplains every "
            "setting.\n"
            ".SH FILES\n.TP\n.I /etc/parley/parley.toml\nSettings of the service.\n"
            ".TP\n.I /var/lib/parley\nIts data.\n"
            ".SH EXIT STATUS\n0: done. 1: refused or failed; standard error says why and what to "
            "do. 2: the command line is wrong.\n"
            ".SH SEE ALSO\n.BR systemctl (1),\n.I /usr/share/doc/parley\n";
    return made;
}

std::string bash_completion(const CLI::App& of)
{
    const auto all = commands_of(of);
    std::string known;
    std::string cases = "        '') words='" + words_after(of) + "' ;;\n";
    for (const auto& one : all) {
        known += (known.empty() ? "" : "|") + ("'" + one.words + "'");
        cases += "        '" + one.words + "') words='" + words_after(*one.is) + "' ;;\n";
    }
    return "# bash completion for parley; made by: parley help --completion\n"
           "_parley() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local path='' word words=''\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        case ${path:+$path }$word in\n"
           "        " +
           known +
           ") path=${path:+$path }$word ;;\n"
           "        esac\n"
           "    done\n"
           "    case $before in\n"
           "    " +
           file_options(all) +
           ") COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
           "    esac\n"
           "    case $path in\n" +
           cases +
           "    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "}\n"
           "complete -F _parley parley\n";
}

} // namespace gateway::cli
