//! TypeScript for the window, generated from [`crate::ipc`].

use ts_rs::{Config, TS, TypeVisitor};

use crate::ipc;

/// Collects the declarations of a type and of all it mentions, each once.
struct Declarations<'a> {
    config: &'a Config,
    found: std::collections::BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(self.config);
        if self.found.contains_key(&name) {
            return;
        }
        self.found.insert(name, T::decl(self.config));
        T::visit_dependencies(self);
    }
}

/// Text of `ui/src/ipc/types.ts`.
pub fn types() -> String {
    let config = Config::default();
    let mut declarations = Declarations { config: &config, found: std::collections::BTreeMap::new() };
    declarations.visit::<ipc::AppEvent>();
    declarations.visit::<ipc::IpcError>();
    declarations.visit::<ipc::SettingsPatch>();
    declarations.visit::<ipc::Choices>();
    declarations.visit::<ipc::SignUpForm>();
    declarations.visit::<ipc::ResetForm>();
    declarations.visit::<ipc::PendingCode>();
    declarations.visit::<ipc::SessionRow>();
    declarations.visit::<prakerja_domain::profile::ProfileField>();
    declarations.visit::<ipc::ProfileView>();
    declarations.visit::<ipc::Saved>();
    declarations.visit::<ipc::FieldCheck>();
    declarations.visit::<ipc::TrainingQuery>();
    declarations.visit::<ipc::TrainingPage>();
    declarations.visit::<ipc::TrainingDetail>();
    declarations.visit::<ipc::ActivityRow>();
    declarations.visit::<ipc::SyncView>();
    declarations.visit::<ipc::registration::EligibilityView>();
    declarations.visit::<ipc::registration::RegionHit>();
    declarations.visit::<ipc::registration::RegionLevel>();
    declarations.visit::<ipc::registration::RegistrationView>();
    declarations.visit::<ipc::registration::PhoneCodeState>();
    declarations.visit::<ipc::registration::FaceSessionView>();
    declarations.visit::<ipc::registration::DeclarationsView>();
    declarations.visit::<ipc::registration::TestView>();
    declarations.visit::<ipc::registration::NoticeRow>();
    declarations.visit::<ipc::wave::WavesView>();
    declarations.visit::<ipc::wave::MembershipView>();
    declarations.visit::<ipc::photo::PhotoView>();
    declarations.visit::<ipc::photo::HandoverView>();
    let mut text = String::from("// Generated from crates/app/src/ipc.rs by `cargo xtask codegen`. Do not edit.\n\n");
    for declaration in declarations.found.values() {
        text.push_str("export ");
        text.push_str(declaration);
        text.push_str("\n\n");
    }
    text.push_str("/** Every command of the app: its arguments and its result. */\nexport interface Commands {\n");
    for (name, arguments, result) in ipc::COMMANDS {
        text.push_str(&format!("  {name}: {{ args: {{ {} }}; result: {result} }};\n", arguments.replace(", ", "; ")));
    }
    text.push_str("}\n\nexport const EVENT = '");
    text.push_str(ipc::EVENT);
    text.push_str("';\n");
    text
}
