//! `farthing`: the provider's program.

mod cli;

use std::{net::SocketAddr, path::Path, process::ExitCode, sync::Arc};

use farthing_provider::{
    commands,
    config::{Config, LogFormat},
    init, metrics,
    release::Frame,
    server,
    wiring::{AnyClock, AnyRng, App, SystemClock, SystemRng},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use cli::Command;

/// The books could not be judged: 1 is for those that were, and are wrong.
const NOT_READ: u8 = 2;

fn main() -> ExitCode {
    let audits = std::env::args_os().nth(1).is_some_and(|word| word == "audit");
    let done = match cli::parse(std::env::args_os().skip(1)) {
        Ok(Command::Say(help)) => {
            print!("{help}");
            Ok(())
        }
        Ok(Command::Init(init)) => make(&init),
        Ok(Command::Accreditor(command)) => command.run(),
        Ok(Command::Merchant(command, config)) => merchant(command, config.as_deref()),
        Ok(Command::Price(command, config)) => price(command, config.as_deref()),
        Ok(Command::Key(command, config)) => key(command, config.as_deref()),
        Ok(Command::Webhook(command, config)) => webhook(command, config.as_deref()),
        Ok(Command::Dispute(command, config)) => dispute(command, config.as_deref()),
        Ok(Command::Audit(command)) => match commands::audit::run(&command, &SystemClock) {
            Ok(said) => return judged(&said),
            Err(error) => Err(error),
        },
        Ok(Command::Backup(command)) => match commands::backup::run(&command, &SystemClock) {
            Ok(said) => return judged(&said),
            Err(error) => Err(error),
        },
        Ok(Command::Migrate(config)) => migrate(config.as_deref()),
        Ok(Command::Receipt(verify)) => commands::receipt::run(&verify).map(|said| print!("{said}")),
        Ok(Command::Verify(verify)) => match compare(&verify) {
            Ok(said) => return judged(&said),
            Err(error) => Err(error),
        },
        Ok(Command::Serve(serve)) => run(serve),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("farthing: {error}");
            if audits {
                ExitCode::from(NOT_READ)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn judged(said: &commands::audit::Said) -> ExitCode {
    print!("{}", said.text);
    if said.clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

fn make(init: &cli::Init) -> Done {
    for path in init::init(
        &init.dir,
        &init.shop_origin,
        &init.provider_origin,
        &SystemClock,
        &SystemRng,
    )? {
        println!("wrote {}", path.display());
    }
    Ok(())
}

fn migrate(config: Option<&Path>) -> Done {
    let config = Config::load(config, |name| std::env::var(name).ok())?;
    print!("{}", commands::migrate::run(&config)?);
    Ok(())
}

fn merchant(command: commands::merchant::Command, config: Option<&Path>) -> Done {
    let said = cli::with_desk(config, async |desk| commands::merchant::run(command, desk).await)?;
    print!("{said}");
    Ok(())
}

fn key(command: cli::key::Command, config: Option<&Path>) -> Done {
    match command {
        cli::key::Command::Api(command) => {
            let said = cli::with_desk(config, async |desk| commands::key::run(command, desk).await)?;
            print!("{}", *said);
        }
        cli::key::Command::SigningRotate => {
            let read = Config::load(config, |name| std::env::var(name).ok())?;
            print!(
                "{}",
                commands::signing::rotate(config, &read.keys.signing, &SystemRng)?
            );
        }
        cli::key::Command::DataRotate => {
            // Only what is a configuration is rewritten.
            Config::load(config, |name| std::env::var(name).ok())?;
            print!("{}", commands::signing::rotate_data(config, &SystemRng)?);
        }
    }
    Ok(())
}

fn price(command: commands::price::Command, config: Option<&Path>) -> Done {
    let said = cli::with_desk(config, async |desk| commands::price::run(command, desk).await)?;
    print!("{said}");
    Ok(())
}

fn webhook(command: commands::webhook::Command, config: Option<&Path>) -> Done {
    let said = cli::with_desk(config, async |desk| commands::webhook::run(command, desk).await)?;
    print!("{}", *said);
    Ok(())
}

fn dispute(command: commands::dispute::Command, config: Option<&Path>) -> Done {
    let said = cli::with_desk(config, async |desk| commands::dispute::run(command, desk).await)?;
    print!("{said}");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn compare(
    verify: &commands::verify::Verify,
) -> Result<commands::audit::Said, Box<dyn std::error::Error>> {
    Ok(commands::verify::run(verify).await?)
}

#[tokio::main]
async fn run(serve: cli::Serve) -> Done {
    // What a panic says could hold a secret: the place is enough.
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(at = panic.location().map(ToString::to_string), "panicked");
    }));
    let config = Config::load(serve.config.as_deref(), |name| std::env::var(name).ok())?;
    start_log(config.log_format);
    let frame = match serve.frame_dir {
        Some(folder) => Frame::Folder(folder),
        None => Frame::embedded()?,
    };
    let (listen, metrics) = (config.listen, config.metrics);
    let origin = config.settings.origin.clone();
    let listener = bind(listen).await?;
    let measured = match metrics {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let app = App::new(config, frame, AnyClock::new(SystemClock), AnyRng::new(SystemRng)).await?;
    tracing::info!(%listen, %origin, "serving");

    let stop = CancellationToken::new();
    let mut hang_up = signal(SignalKind::hangup())?;
    let (keyed, path, end) = (Arc::clone(&app), serve.config, stop.clone());
    tokio::spawn(async move {
        while let Some(Some(())) = end.run_until_cancelled(hang_up.recv()).await {
            read_keys(&keyed, path.as_deref());
        }
    });
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        told.cancel();
    });
    let measuring =
        measured.map(|listener| tokio::spawn(metrics::serve(listener, Arc::clone(&app), stop.clone())));
    server::serve(listener, Arc::clone(&app), stop).await;
    if let Some(measuring) = measuring {
        measuring.await?;
    }
    // The last owner closes the store, which commits what is queued.
    drop(app);
    tracing::info!("stopped");
    Ok(())
}

/// The configuration's keys, as they are written now. Nothing else of it is taken.
fn read_keys(app: &App, path: Option<&Path>) {
    match Config::load(path, |name| std::env::var(name).ok()) {
        Ok(config) => {
            let kid = config.keys.signing.kid().to_owned();
            app.rules.change_keys(config.keys);
            tracing::info!(kid, "the keys were read again");
        }
        Err(error) => tracing::error!(%error, "the keys stay as they are"),
    }
}

fn start_log(format: LogFormat) {
    let lines = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_target(false)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).init(),
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address)
        .await
        .map_err(|error| format!("can't listen on {address}: {error}"))
}
