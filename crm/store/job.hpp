// A caller's job on its way through the store's threads: the typed job, its kept result, and what
// it threw. Made on the io thread, run on one of the store's threads, taken back on the io thread.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace crm::detail {

template <class Context>
class task
{
public:
    virtual ~task() = default;
    /// Runs the job and keeps its result in place of an earlier one; lets through what it throws.
    virtual void run(Context& in) = 0;
    /// Says what run() will look up, so that the jobs of one batch can do it together. Does not
    /// touch the database and throws nothing but bad_alloc.
    virtual void announce(Context& in) const = 0;
    /// The outcome is this error; run() clears it.
    void fail(std::exception_ptr why) { failed_ = std::move(why); }

protected:
    std::exception_ptr failed_;
};

template <class T>
struct is_view : std::bool_constant<std::is_same_v<T, std::string_view> || std::is_pointer_v<T>>
{
};
template <class T, std::size_t Extent>
struct is_view<std::span<T, Extent>> : std::true_type
{
};
template <class T>
struct is_view<std::reference_wrapper<T>> : std::true_type
{
};

template <class Job, class Context>
using result_of = std::invoke_result_t<const Job&, Context&>;

template <class Job, class Context>
class typed_task final : public task<Context>
{
public:
    using result = result_of<Job, Context>;
    static_assert(
        std::is_object_v<Job> && !is_view<Job>::value,
        "a job is handed over whole: it owns its inputs"
    );
    static_assert(
        !std::is_reference_v<result> && !is_view<result>::value,
        "a job returns its result by value: rows and batch are gone when the caller reads it"
    );

    explicit typed_task(Job job) : job_{std::move(job)} {}

    void run(Context& in) override
    {
        this->failed_ = nullptr;
        result_.reset();
        const Job& job = job_;
        if constexpr (std::is_void_v<result>) {
            job(in);
            result_.emplace();
        } else {
            result_.emplace(job(in));
        }
    }

    void announce(Context& in) const override
    {
        if constexpr (requires { job_.announce(in); })
            job_.announce(in);
    }

    /// The result, or throws what the job threw. Once.
    result take()
    {
        if (this->failed_)
            std::rethrow_exception(std::exchange(this->failed_, nullptr));
        if constexpr (!std::is_void_v<result>)
            return std::move(*result_);
    }

private:
    using kept = std::conditional_t<std::is_void_v<result>, std::monostate, result>;
    const Job job_;
    std::optional<kept> result_;
};

} // namespace crm::detail
