namespace Coord.Client.Recipes;

/// <summary>
/// A moment on the monotonic and on the wall clock. The monotonic one stands still while a machine is suspended, wall
/// clocks jump: for a holder the larger of the two differences counts, which errs on the side of letting go.
/// </summary>
internal readonly record struct TwoClocks(long Timestamp, DateTimeOffset Wall)
{
    internal static TwoClocks Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    internal TimeSpan LongestSince(TimeProvider time)
    {
        var monotonic = time.GetElapsedTime(Timestamp);
        var wall = time.GetUtcNow() - Wall;
        return wall > monotonic ? wall : monotonic;
    }
}
