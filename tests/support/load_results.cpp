#include "tests/support/load_results.hpp"

#include "tests/support/load_process.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

namespace load {

namespace json = boost::json;

namespace {

/// Calls `each(name, member)` for every number of a run that is written down.
template <class Run, class Each>
void members(Run& of, Each each)
{
    each("seed", of.seed);
    each("cycles", of.cycles);
    each("wanted", of.wanted);
    each("acknowledged", of.acknowledged);
    each("refused", of.refused);
    each("lost", of.lost);
    each("doubled", of.doubled);
    each("gaps", of.gaps);
    each("different", of.different);
    each("resurrected", of.resurrected);
    each("other", of.other);
    each("resumes", of.resumes);
    each("snapshots", of.snapshots);
    each("strikes", of.strikes);
    each("seconds", of.seconds);
}

std::vector<torture_run> read_runs(const std::filesystem::path& file)
{
    std::vector<torture_run> made;
    boost::system::error_code unreadable;
    const json::value held = json::parse(read_text(file), unreadable);
    if (unreadable || !held.is_array())
        return made;
    for (const auto& item : held.as_array()) {
        const auto& from = item.as_object();
        torture_run& one = made.emplace_back();
        one.what = from.at("what").as_string().c_str();
        one.store = from.at("store").as_string().c_str();
        members(one, [&](const char* name, auto& number) {
            if (const auto* found = from.if_contains(name); found != nullptr && found->is_number())
                number = found->to_number<std::remove_reference_t<decltype(number)>>();
        });
    }
    return made;
}

bool is_same(const torture_run& one, const torture_run& other)
{
    return one.what == other.what && one.store == other.store && one.seed == other.seed;
}

} // namespace

void torture_run::count(const verdict& found)
{
    lost += found.lost;
    doubled += found.doubled;
    gaps += found.gaps;
    different += found.different;
    resurrected += found.resurrected;
}

torture_run find_run(
    const std::filesystem::path& file,
    const std::string& what,
    const std::string& store,
    std::uint32_t seed,
    int wanted
)
{
    torture_run fresh;
    fresh.what = what;
    fresh.store = store;
    fresh.seed = seed == 0 ? 1 : seed;
    fresh.wanted = wanted;
    for (const auto& one : read_runs(file)) {
        if (one.what != what || one.store != store)
            continue;
        const bool goes_on = one.cycles < one.wanted;
        if (goes_on && (seed == 0 || seed == one.seed))
            return one;
        if (seed == 0)
            fresh.seed = std::max(fresh.seed, one.seed + 1);
    }
    return fresh;
}

void save_run(const std::filesystem::path& file, const torture_run& run)
{
    std::vector<torture_run> all = read_runs(file);
    const auto found =
        std::ranges::find_if(all, [&](const auto& one) { return is_same(one, run); });
    if (found == all.end())
        all.push_back(run);
    else
        *found = run;
    std::string out = "[";
    for (const auto& one : all) {
        json::object made{{"what", one.what}, {"store", one.store}};
        members(one, [&](const char* name, const auto& number) { made[name] = number; });
        out += (out.size() > 1 ? ",\n " : "\n ") + json::serialize(made);
    }
    if (file.has_parent_path())
        std::filesystem::create_directories(file.parent_path());
    write_text(file, out + "\n]\n");
}

} // namespace load
