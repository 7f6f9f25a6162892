// The demo's story: what happens when, to whom, as plain data in time order. Any thread.
#pragma once

#include "crm/base/time.hpp"
#include "crm/channel_account.hpp"
#include "crm/stage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace crm::demo {

enum class beat_kind
{
    customer_comes,
    opens,
    customer_says,
    agent_says,
    agent_notes,
    assigned,
    resolved,
    pending,
    snoozed,
    tagged,
    urgent,
    stage_by_hand,
    order_placed,
    order_moves,
    visits,
    fills_form,
    delivery_fails,
    delivery_uncertain,
    merged
};

/// One thing that happens. Whom it concerns are places in the story's lists.
struct beat
{
    instant at{};
    beat_kind kind{};
    std::size_t customer = 0;
    std::size_t conversation = 0;
    std::size_t order = 0;
    std::size_t agent = 0;
    std::size_t number = 0; // tag, other customer
    std::size_t told = 0;   // place in which it was thought of; orders what happens at once
    order_status status{};
    std::string text{};
    std::string html{};
};

struct person
{
    std::string name{};
    std::string locale{};
    std::string mail{};
    std::string phone{};
    bool anonymous = false;
};

struct talk
{
    std::size_t customer = 0;
    std::size_t account = 0; // place in `accounts`
    std::string subject{};
};

struct purchase_line
{
    std::size_t product = 0;
    std::int64_t quantity = 1;
};

struct purchase
{
    std::size_t customer = 0;
    std::string number{};
    std::vector<purchase_line> lines{};
};

struct product
{
    const char* sku;
    const char* english;
    const char* chinese;
    std::int64_t unit_minor;
    std::int64_t unit_cost_minor;
};
/// What the shop sells.
const std::vector<product>& products();

/// How much there is of everything.
struct story_size
{
    std::uint64_t seed = 1;
    std::size_t customers = 230;
    std::size_t conversations = 480;
    std::size_t orders = 300;
    std::string shop_origin = "http://shop.localhost:8080"; // page that may embed the widget
};

struct story
{
    story_size size{};
    instant now{};
    std::vector<person> people{};
    std::vector<talk> talks{};
    std::vector<purchase> purchases{};
    std::vector<beat> beats{}; // in time order, none after now
};

/// The channels of the demo, in the order of talk::account.
struct demo_account
{
    const char* slug;
    crm::channel channel;
    const char* name;
    const char* address;
    std::size_t inbox; // 0 shop, 1 support, 2 social
};
const std::vector<demo_account>& accounts();

/// Writes the story that ends at `now`.
story tell(const story_size& size, instant now);

} // namespace crm::demo
