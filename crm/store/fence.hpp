// Whether a batch whose COMMIT was never answered is on disk: `writers(node, incarnation, batch)`,
// set by each batch as its first statement. Needed where the connection can be lost while the
// database lives on (MySQL). The writer's thread.
#pragma once

#include "crm/store/connection.hpp"

#include <cstdint>

namespace crm {

class fence
{
public:
    enum class entered
    {
        ready,     // the row is ours and locked until the transaction ends
        committed, // the batch in doubt is on disk
        displaced  // another process took this node's number
    };

    /// Takes the node's row for this incarnation, in a transaction of its own.
    fence(db::connection& on, int node, std::int64_t incarnation);

    /// First statement of a batch. Waits until a lost connection's transaction has ended, because
    /// that one holds the row: what is read afterwards is final. Throws db::failure.
    entered enter(db::connection& on) const;
    /// The batch entered last is on disk.
    void passed() { ++batch_; }

private:
    std::int64_t node_;
    std::int64_t incarnation_;
    std::int64_t batch_ = 0;
};

} // namespace crm
