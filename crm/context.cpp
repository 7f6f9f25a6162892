#include "crm/context.hpp"

namespace crm {

log_entry logged(const context& by, happening what)
{
    log_entry made;
    made.at = by.now;
    made.what = what;
    made.actor = by.who.kind;
    made.actor_id = by.who.id;
    made.by = by.who.by;
    made.address = by.who.address;
    return made;
}

} // namespace crm
