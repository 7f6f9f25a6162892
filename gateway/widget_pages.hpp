// The public endpoints of the website widget: loader, boot, panel, files, uploads (docs/api.md). Io
// thread.
#pragma once

#include "gateway/house.hpp"
#include "gateway/net/http.hpp"
#include "gateway/static_files.hpp"

namespace gateway {

/// Answers /w.js and everything below /w/. Throws problem.
net::task<net::response>
widget_answer(house& in, const net::request& asked, const static_files& files);

} // namespace gateway
