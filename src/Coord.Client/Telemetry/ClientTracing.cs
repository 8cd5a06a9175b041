using System.Diagnostics;

namespace Coord.Client;

/// <summary>The activity source of the client and its recipes (client-sdk.md 18).</summary>
internal static class ClientTracing
{
    private static readonly ActivitySource Source = new("Coord.Client", LibraryVersion.Text);

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsHeard => Source.HasListeners();

    /// <summary>Starts an activity without becoming the caller's own.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="kind">On which side of a request it stands.</param>
    /// <param name="parent">What it stands below; left out: the caller's.</param>
    /// <param name="began">When it began; left out: now.</param>
    /// <returns>Null when nobody listens, when nobody wants this one, or when a listener throws.</returns>
    internal static Activity? Start(
        string name, ActivityKind kind = ActivityKind.Internal, ActivityContext parent = default,
        DateTimeOffset began = default)
    {
        if (!IsHeard)
            return null;
        var caller = Activity.Current;
        try
        {
            return Source.StartActivity(name, kind, parent, startTime: began);
        }
        catch (Exception)
        {
            // The trace is poorer for it; what is traced goes on.
            return null;
        }
        finally
        {
            Activity.Current = caller;
        }
    }

    /// <summary>Stops an activity, whatever its listeners throw, and leaves the caller its own.</summary>
    internal static void Stop(Activity? activity)
    {
        if (activity is null)
            return;
        var caller = Activity.Current;
        try
        {
            activity.Stop();
        }
        catch (Exception)
        {
            // It has stopped: listeners are told after that.
        }
        finally
        {
            if (!ReferenceEquals(caller, activity))
                Activity.Current = caller;
        }
    }

    /// <summary>What an exception is called in the attribute <c>error.type</c>.</summary>
    internal static string ErrorType(Exception error) =>
        error is CoordException known ? known.Code.ToString() : error.GetType().FullName!;
}
