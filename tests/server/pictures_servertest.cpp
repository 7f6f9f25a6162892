// Uploaded pictures are drawn anew in a child process: what cannot be seen is gone, what breaks a
// decoder breaks nothing else.
#include "gateway/media.hpp"
#include "gateway/pictures/painter.hpp"
#include "tests/support/server_people.hpp"

#include "crm/base/problem.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace tests;
using namespace std::chrono_literals;

namespace {

std::string fixture(const std::string& name)
{
    std::ifstream in{
        std::filesystem::path{PARLEY_SOURCE_DIR} / "tests/fixtures/pictures" / name,
        std::ios::binary
    };
    std::ostringstream all;
    all << in.rdbuf();
    REQUIRE(!all.str().empty());
    return all.str();
}

/// The picture drawn anew; throws what the painter throws.
std::string drawn(const std::string& bytes, gateway::pictures::painter_settings how = {})
{
    if (how.program == "/proc/self/exe")
        how.program = program().string();
    boost::asio::io_context io;
    gateway::pictures::painter painter{io, how};
    std::string made;
    std::exception_ptr failed;
    boost::asio::co_spawn(io, painter.redraw(bytes), [&](std::exception_ptr why, std::string got) {
        failed = why;
        made = std::move(got);
    });
    io.run();
    if (failed)
        std::rethrow_exception(failed);
    return made;
}

crm::errc refusal(const std::string& bytes, const gateway::pictures::painter_settings& how = {})
{
    try {
        drawn(bytes, how);
    } catch (const crm::problem& why) {
        return why.code();
    }
    return crm::errc::internal;
}

std::size_t count_of(std::string_view part, std::string_view in)
{
    std::size_t found = 0;
    for (auto at = in.find(part); at != std::string_view::npos; at = in.find(part, at + 1))
        ++found;
    return found;
}

} // namespace

TEST_CASE("a picture is drawn anew, and nothing that was hidden in its file remains")
{
    for (const char* name :
         {"plain.png", "turned.jpg", "moving.gif", "still.webp", "moving.webp"}) {
        INFO(name);
        const auto sent = fixture(name);
        const auto before = gateway::look_at(sent, "", "a");
        const auto made = drawn(sent);
        const auto seen = gateway::look_at(made, "", "a");
        CHECK(seen.type == before.type);
        CHECK(seen.width * seen.height == before.width * before.height);
        for (const char* hidden : {"taken at home", "hid", "<script>"})
            CHECK(made.find(hidden) == std::string::npos);
    }
}

TEST_CASE("a JPEG that was held sideways comes out upright")
{
    const auto sent = fixture("turned.jpg");
    CHECK(gateway::look_at(sent, "", "a").width == 32);
    const auto made = drawn(sent);
    CHECK(gateway::look_at(made, "", "a").width == 16);
    CHECK(gateway::look_at(made, "", "a").height == 32);
    CHECK(made.find("Exif") == std::string::npos);
}

TEST_CASE("moving pictures keep moving")
{
    const std::string frame{"\x21\xF9\x04", 3};
    const auto gif = drawn(fixture("moving.gif"));
    CHECK(count_of(frame, gif) == 2);
    CHECK(count_of("NETSCAPE2.0", gif) == 1);
    CHECK(count_of("ANMF", drawn(fixture("moving.webp"))) == 3);
}

TEST_CASE("damaged, slow and impossible pictures are refused with a word that helps")
{
    CHECK(refusal(fixture("short.png")) == crm::errc::invalid);
    for (const char* name : {"plain.png", "turned.jpg", "moving.gif", "still.webp"}) {
        INFO(name);
        auto cut = fixture(name);
        cut.resize(cut.size() / 3);
        CHECK(refusal(cut) == crm::errc::invalid);
    }
    CHECK(refusal("no picture at all") == crm::errc::invalid);
    CHECK(refusal(fixture("plain.png"), {.patience = 0ms}) == crm::errc::too_large);
    CHECK(refusal(fixture("plain.png"), {.program = "/nowhere"}) == crm::errc::unavailable);
    CHECK(refusal(fixture("plain.png"), {.program = "/bin/false"}) == crm::errc::unavailable);
}

TEST_CASE("an uploaded picture is stored as it was drawn, and a bad one harms nobody")
{
    running_server server;
    const auto ana = server.log_in(server.add_agent("agent"));
    const auto upload = [&](const std::string& name) {
        return ana.send(
            "POST",
            "/api/v1/attachments",
            fixture(name),
            {{"Content-Type", "image/png"}, {"X-Parley-Filename", name}}
        );
    };
    const auto jpeg = upload("turned.jpg");
    REQUIRE(jpeg.status == 201);
    const auto about = jpeg.json();
    CHECK(about.at("width") == 16);
    CHECK(about.at("height") == 32);
    const auto back = ana.get(std::string{about.at("url").as_string()});
    CHECK(back.status == 200);
    CHECK(back.body.find("taken at home") == std::string::npos);
    const auto bad = upload("short.png");
    CHECK(bad.status == 422);
    CHECK(std::string{bad.json().at("detail").as_string()}.find("damaged") != std::string::npos);
    CHECK(upload("plain.png").status == 201);
}
