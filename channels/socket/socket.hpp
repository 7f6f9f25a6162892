// Any app over a plain WebSocket: the app holds its channel account's token and says who writes, so
// that is believed. Pure; any thread.
#pragma once

#include "channels/webchat/webchat.hpp"

#include <string>

namespace channels::socket {

/// What the app says of a person.
struct app_user
{
    std::string id; // the app's own
    std::string name;
};

/// The same message as from the widget, written by the app's person.
routing::incoming from_app(routing::incoming message, const app_user& who);

} // namespace channels::socket
