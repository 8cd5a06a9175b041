using System.Diagnostics;

namespace Coord.Client;

/// <summary>The activity source of the client and its recipes (client-sdk.md 18).</summary>
internal static class ClientTracing
{
    internal static ActivitySource Source { get; } = new("Coord.Client");

    /// <summary>Starts an activity below the caller's without becoming the caller's own.</summary>
    /// <returns>Null when nobody listens, or nobody wants this one.</returns>
    internal static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal)
    {
        if (!Source.HasListeners())
            return null;
        var caller = Activity.Current;
        var activity = Source.StartActivity(name, kind);
        Activity.Current = caller;
        return activity;
    }

    /// <summary>What an exception is called in the attribute <c>error.type</c>.</summary>
    internal static string ErrorType(Exception error) =>
        error is CoordException known ? known.Code.ToString() : error.GetType().FullName!;
}
