namespace Coord.Client;

/// <summary>Something that the heart drives: deadlines, heartbeats and request limits of one client.</summary>
internal interface IBeating
{
    /// <summary>Does what is due, without blocking and without running user code.</summary>
    /// <returns>How long until it wants to be called again.</returns>
    TimeSpan Beat();
}
