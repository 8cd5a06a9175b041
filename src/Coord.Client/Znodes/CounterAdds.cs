using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Additions by the server (docs/internals/extensions.md, counter-add), each once, also when the session is lost with
/// the reply.
/// </summary>
internal sealed class CounterAdds(ClientCore core)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <returns>Null: the server does not announce it, and nothing was sent.</returns>
    internal async ValueTask<CounterAddResponse?> AddAsync(
        CounterAddCall call, string path, TimeSpan patience, CallBudget budget)
    {
        var reply = await core.SendOnceAsync(call, budget, patience).ConfigureAwait(false);
        if (reply.End == RequestEnd.SessionLost
            && await AddAgainAsync(call, patience, budget).ConfigureAwait(false) is { } added)
        {
            return added;
        }

        return reply.IsOk ? reply.Value
            : reply.End == RequestEnd.NotAnnounced ? null
            : throw Failure.Of(reply, ReplyKind.Write, path, core, budget.Token);
    }

    /// <summary>
    /// Sends it again in the sessions that follow, which cannot count it twice:
    /// <list type="number">
    /// <item>The first copy applies only while its session lives, and no other does before that has ended.</item>
    /// <item>From then on the tag tells whether any copy was applied, as long as the tags of all writes since the first
    /// was sent are there; a copy that finds some gone does nothing.</item>
    /// <item>A cluster that was wiped, or restored to an older state, has no tag of before: it cannot tell.</item>
    /// </list>
    /// </summary>
    /// <returns>Null: it cannot be told whether it was applied.</returns>
    private async ValueTask<CounterAddResponse?> AddAgainAsync(
        CounterAddCall call, TimeSpan patience, CallBudget budget)
    {
        var endsAt = core.Clock.MonotonicTicks + patience.Ticks;
        for (var left = patience; left > TimeSpan.Zero; left = new TimeSpan(endsAt - core.Clock.MonotonicTicks))
        {
            var reply = await core.SendOnceAsync(call.Again(), budget with { ExpiresAt = endsAt }, left)
                .ConfigureAwait(false);
            if (core.Keeper.ResetEpoch > call.SentEpoch || (!reply.IsOk && !CanDecideLater(reply)))
                return null;
            if (reply.IsOk)
                return reply.Value;
            await Task.Delay(LongestPause * Random.Shared.NextDouble(), core.Clock.Provider).ConfigureAwait(false);
        }

        return null;
    }

    // BadVersion: the first session is not over yet.
    private static bool CanDecideLater(Reply<CounterAddResponse> reply) => reply.End switch
    {
        RequestEnd.Answered => reply.Error is ErrorCode.BadVersion or ErrorCode.ThrottledOp or ErrorCode.NotReadOnly,
        RequestEnd.ConnectionLost or RequestEnd.SessionLost or RequestEnd.SessionLostUnsent => true,
        _ => false,
    };
}
