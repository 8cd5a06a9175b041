using Coord.Fuzz.Bytes;
using Coord.Fuzz.Targets;

namespace Coord.Fuzz.Runs;

/// <summary>One case: its seed draws the bytes, the target judges what the decoder makes of them.</summary>
internal static class FuzzRun
{
    /// <summary>Null, or what went wrong.</summary>
    public static string? Case(IFuzzTarget target, ulong seed)
    {
        var outside = SynchronizationContext.Current;
        try
        {
            target.Prepare(seed);
            var before = GC.GetAllocatedBytesForCurrentThread();
            target.Run(new CaseRandom(seed));
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated <= target.AllocationMax
                ? null
                : $"{allocated} bytes were allocated, {target.AllocationMax} are in proportion";
        }
        catch (FuzzFailedException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"the decoder crashed: {e}";
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }
}
