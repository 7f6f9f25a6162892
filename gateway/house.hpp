// What every part of the gateway works with, handed around as one reference. Built once by
// gateway/process.cpp, lives as long as the process serves. Io thread.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/context.hpp"
#include "crm/store/store.hpp"
#include "gateway/settings.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

namespace crm {
class blobs;
} // namespace crm

namespace routing {
class switchboard;
} // namespace routing

namespace gateway {

class directory;
class hub;
class password_hasher;
class sign_in;
struct rate_book;
struct gauges;

namespace live {
class outlook;
} // namespace live

namespace pictures {
class painter;
} // namespace pictures

template <class T>
using task = boost::asio::awaitable<T>;

/// Random keys of this installation, made at the first start and kept in the database.
struct installation_keys
{
    std::string positions;   // what hides log positions from visitors
    std::string attachments; // what signs visitors' attachment addresses
    std::string visitors;    // what marks visitors' tokens as ours
};

struct house
{
    boost::asio::io_context& io;
    const crm::clock& time;
    crm::id_source& ids;
    const settings& config;
    crm::store& store;
    routing::switchboard& board;
    live::outlook& outlook;
    crm::blobs& files;
    pictures::painter& pictures;
    directory& people;
    password_hasher& passwords;
    sign_in& doors;
    hub& news;
    rate_book& rates;
    installation_keys keys;
    const gauges* measured = nullptr; // where the metrics come from, once the server stands
    bool draining = false;
    bool is_demo = false;

    /// What a verb needs: who acts, when, and enough ids for one verb.
    [[nodiscard]] crm::context acting(crm::actor who, int ids_needed = 64) const
    {
        return {.who = std::move(who), .now = time.now(), .ids = ids.reserve(ids_needed)};
    }
};

} // namespace gateway
