using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// Compares what a request would make of a subtree with its quota, by the sums that are kept: in a multi it sees what
/// the operations before it did (zookeeper-protocol 9.1).
/// </summary>
internal sealed class QuotaCheck(ZnodeStore store, ApplyResult result)
{
    /// <summary>-125 when a hard limit would be exceeded and is enforced; the rest is noted in the result.</summary>
    public ErrorCode Check(ReadOnlySpan<byte> path, int moreZnodes, long moreBytes, bool isEnforced)
    {
        if (store.Quotas.IsEmpty || !store.Quotas.TryFind(path, out var of, out var limits))
            return ErrorCode.Ok;

        var (count, bytes) = store.UseOf(of);
        return (moreZnodes == 0 || IsWithin(of, false, count + moreZnodes, limits.Count, limits.CountHard, isEnforced))
            && (moreBytes == 0 || IsWithin(of, true, bytes + moreBytes, limits.Bytes, limits.BytesHard, isEnforced))
            ? ErrorCode.Ok
            : ErrorCode.QuotaExceeded;
    }

    // Where there is a hard limit the soft one is not looked at.
    private bool IsWithin(byte[] of, bool isBytes, long use, long soft, long hard, bool isEnforced)
    {
        long limit = hard >= 0 ? hard : soft;
        if (limit < 0 || use <= limit)
            return true;
        bool isRefused = hard >= 0 && isEnforced;
        result.QuotaExcess = new QuotaExcess(of, isBytes, limit, use, isRefused);
        return !isRefused;
    }
}
