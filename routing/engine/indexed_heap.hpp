// A 4-ary heap whose members know where they are, so that any of them can be erased or moved in
// O(log n). The first key lies in the node (one cache line serves four children); ties are asked
// of `Links`, which also keeps each member's position:
//   bool before(uint32_t a, uint32_t b)   strict order among equal first keys
//   uint32_t& position(uint32_t slot)     where the member sits, `absent` when it does not
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace routing {

class indexed_heap
{
public:
    struct node
    {
        std::int64_t key = 0;
        std::uint32_t slot = 0;
    };
    static constexpr std::uint32_t absent = UINT32_MAX;

    /// What a visitor of `in_order` wants next.
    enum class visit
    {
        go_on,
        stop
    };

    bool empty() const { return nodes_.empty(); }
    std::size_t size() const { return nodes_.size(); }
    const node& top() const { return nodes_.front(); }

    template <class Links>
    void push(std::int64_t key, std::uint32_t slot, Links links)
    {
        nodes_.push_back({key, slot});
        rise(nodes_.size() - 1, links);
    }

    template <class Links>
    void erase(std::uint32_t slot, Links links)
    {
        const std::size_t hole = links.position(slot);
        links.position(slot) = absent;
        const node last = nodes_.back();
        nodes_.pop_back();
        if (hole == nodes_.size())
            return;
        nodes_[hole] = last;
        settle(hole, links);
    }

    /// Gives a member a new first key (and tie values, if they changed).
    template <class Links>
    void update(std::uint32_t slot, std::int64_t key, Links links)
    {
        const std::size_t at = links.position(slot);
        nodes_[at].key = key;
        settle(at, links);
    }

    /// Visits members in order (best first) until the visitor stops: O(visited · log visited).
    /// `frontier` is scratch memory, kept by the caller to save allocations.
    template <class Links, class Visitor>
    void in_order(Links links, std::vector<std::uint32_t>& frontier, Visitor visitor) const
    {
        const auto later = [&](std::uint32_t a, std::uint32_t b) {
            return first(nodes_[b], nodes_[a], links);
        };
        frontier.clear();
        if (!nodes_.empty())
            frontier.push_back(0);
        while (!frontier.empty()) {
            std::pop_heap(frontier.begin(), frontier.end(), later);
            const std::uint32_t at = frontier.back();
            frontier.pop_back();
            if (visitor(nodes_[at]) == visit::stop)
                return;
            const std::size_t end = std::min<std::size_t>(at * 4UL + 5, nodes_.size());
            for (std::size_t child = at * 4UL + 1; child < end; ++child) {
                frontier.push_back(static_cast<std::uint32_t>(child));
                std::push_heap(frontier.begin(), frontier.end(), later);
            }
        }
    }

private:
    template <class Links>
    static bool first(const node& a, const node& b, Links& links)
    {
        return a.key != b.key ? a.key < b.key : links.before(a.slot, b.slot);
    }

    template <class Links>
    void settle(std::size_t at, Links& links)
    {
        if (at > 0 && first(nodes_[at], nodes_[(at - 1) / 4], links))
            rise(at, links);
        else
            sink(at, links);
    }

    template <class Links>
    void rise(std::size_t at, Links& links)
    {
        const node moving = nodes_[at];
        while (at > 0) {
            const std::size_t parent = (at - 1) / 4;
            if (!first(moving, nodes_[parent], links))
                break;
            put(at, nodes_[parent], links);
            at = parent;
        }
        put(at, moving, links);
    }

    template <class Links>
    void sink(std::size_t at, Links& links)
    {
        const node moving = nodes_[at];
        for (;;) {
            const std::size_t begin = at * 4 + 1;
            if (begin >= nodes_.size())
                break;
            std::size_t best = begin;
            const std::size_t end = std::min(begin + 4, nodes_.size());
            for (std::size_t child = begin + 1; child < end; ++child)
                if (first(nodes_[child], nodes_[best], links))
                    best = child;
            if (!first(nodes_[best], moving, links))
                break;
            put(at, nodes_[best], links);
            at = best;
        }
        put(at, moving, links);
    }

    template <class Links>
    void put(std::size_t at, const node& what, Links& links)
    {
        nodes_[at] = what;
        links.position(what.slot) = static_cast<std::uint32_t>(at);
    }

    std::vector<node> nodes_;
};

} // namespace routing
