// The texts of the shapes, by part; gateway/api/shape.hpp explains the notation.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace gateway::api {

using shape_list = std::vector<std::pair<std::string_view, std::string_view>>;

/// Used by several endpoints and by the realtime protocol.
extern const shape_list shared_shapes;
/// Bodies of requests.
extern const shape_list request_shapes;
/// Answers of single endpoints.
extern const shape_list answer_shapes;
/// Frames of the realtime protocol, from the client.
extern const shape_list frame_shapes;

} // namespace gateway::api
