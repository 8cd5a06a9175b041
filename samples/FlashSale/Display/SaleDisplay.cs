using FlashSale.Running;

namespace FlashSale.Display;

/// <summary>Shows a sale while it runs: a live picture on a terminal, plain lines everywhere else.</summary>
internal abstract class SaleDisplay
{
    public static SaleDisplay ForThisTerminal() =>
        Terminal.IsLive ? new TerminalDisplay() : new PlainDisplay();

    /// <summary>One line that stays.</summary>
    public abstract void Say(string line);

    /// <summary>Shows the progress until the work has ended, and passes on how it ended.</summary>
    public abstract Task ShowAsync(SaleProgress progress, Task work);

    protected static string Seconds(TimeSpan time) => $"{time.TotalSeconds:F1} s";

    protected static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:N0} ms";
}
