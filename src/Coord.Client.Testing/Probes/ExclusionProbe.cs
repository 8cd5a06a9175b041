using Coord.Client.Recipes;

namespace Coord.Client.Testing;

/// <summary>
/// Judges critical sections, of any number of clients, under one lock: two grants at once, and a fencing token that is
/// not above all earlier ones, fail the test. A section counts for as long as it runs and its handle is not lost: what
/// a holder does after its <see cref="ILockHandle.LostToken"/> is what tokens are for. Thread-safe.
/// </summary>
public sealed class ExclusionProbe
{
    private readonly Lock gate = new();
    private readonly List<ILockHandle> inside = [];
    private readonly List<string> findings = [];
    private (string Path, long Token) last = (string.Empty, 0);

    /// <summary>Sections that began so far.</summary>
    public int Sections { get; private set; }

    /// <summary>
    /// Begins a section under a handle; handles of one grant (<see cref="ILockHandle.Share"/>) may meet.
    /// </summary>
    /// <param name="handle">The handle that allows it.</param>
    /// <returns>Disposed when the section ends, before the handle is released.</returns>
    /// <exception cref="ProbeFailedException">Somebody else is inside, or the token is not above all earlier
    /// ones.</exception>
    public IDisposable Enter(ILockHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        lock (gate)
        {
            Sections++;
            var grant = GrantOf(handle);
            var found = inside.Where(other => GrantOf(other) != grant && !other.LostToken.IsCancellationRequested)
                .Select(other => $"{handle.Path} (token {grant.Token}) was granted while {other.Path} "
                    + $"(token {other.Token.Value}) was held.").ToList();
            if (grant != last && grant.Token <= last.Token)
                found.Add($"{handle.Path} has token {grant.Token}, after {last.Path} had {last.Token}.");
            else
                last = grant;
            findings.AddRange(found);
            if (found.Count > 0)
                throw new ProbeFailedException(found);
            inside.Add(handle);
            return new Section(this, handle);
        }
    }

    /// <summary>Runs a section.</summary>
    /// <param name="handle">The handle that allows it.</param>
    /// <param name="section">What to do; null: just let others run.</param>
    /// <returns>When it has ended.</returns>
    /// <exception cref="ProbeFailedException">As <see cref="Enter"/>.</exception>
    public async Task RunAsync(ILockHandle handle, Func<Task>? section = null)
    {
        using (Enter(handle))
        {
            await Task.Yield();
            if (section is not null)
                await section().ConfigureAwait(false);
        }
    }

    /// <summary>Fails if anything was seen, also where the exception was caught by whoever ran the section.</summary>
    /// <exception cref="ProbeFailedException">Something was.</exception>
    public void Verify()
    {
        lock (gate)
        {
            if (findings.Count > 0)
                throw new ProbeFailedException(findings);
        }
    }

    private static (string Path, long Token) GrantOf(ILockHandle handle) => (handle.Path, handle.Token.Value);

    private void Leave(ILockHandle handle)
    {
        lock (gate)
            inside.Remove(handle);
    }

    private sealed class Section(ExclusionProbe probe, ILockHandle handle) : IDisposable
    {
        public void Dispose() => probe.Leave(handle);
    }
}
