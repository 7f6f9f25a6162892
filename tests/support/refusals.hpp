// What a verb is refused with, for tests of the domain.
#pragma once

#include "crm/base/problem.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

namespace crm::test {

/// The code with which the house refuses `verb(tx, context&)`; fails the test when it does not.
template <class Verb>
errc code_of(house& h, const Verb& verb)
{
    try {
        h.run(verb);
    } catch (const problem& why) {
        return why.code();
    }
    FAIL("was not refused");
    return errc::internal;
}

} // namespace crm::test
